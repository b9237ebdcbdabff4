"""A choice of one out of many, which are seen when it is opened."""

from collections.abc import Callable, Mapping, Sequence

import solara

Options = Sequence[tuple[str, str]]


@solara.component_vue("choice.vue")
def _Choice(
    *, label: str, groups: object, value: str, fixed: bool, event_choose: Callable[[str], None] | None = None
) -> None:
    """Draw the choice."""


@solara.component
def Choice(
    label: str,
    options: Options | Mapping[str, Options],
    value: str,
    on_value: Callable[[str], None],
    *,
    fixed: bool = False,
) -> None:
    """Let one of many be chosen.

    label  what is chosen;  options  code and name of each, if wanted by group;  value  code of the one chosen
    fixed  whether it stays on its value, as a list does that things are added from
    """
    groups = options if isinstance(options, Mapping) else {"": options}
    told = [{"label": name, "options": [*some]} for name, some in groups.items()]
    _Choice(label=label, groups=told, value=value, fixed=fixed, event_choose=on_value)
