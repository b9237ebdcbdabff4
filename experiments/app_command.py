"""The command ``friendshore app``."""

import click

MOST_WORKERS = 64


@click.command(epilog="Example: friendshore app --port 9000")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; needs --allow-remote if not this computer's own.",
)
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Port to listen at; 0 takes any that is free.",
)
@click.option("--allow-remote", is_flag=True, help="Let others use it over the network.")
@click.option("--no-browser", "browser", flag_value=False, default=True, help="Do not open a browser.")
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(0, MOST_WORKERS),
    help="Processes that play.  [default: 2, or 1 if the computer has no more]",
)
@click.option(
    "--root-path",
    default="",
    metavar="PATH",
    help="Path under which a proxy offers the app, and which it takes off, such as /friendshore.",
)
def app(host: str, port: int, allow_remote: bool, browser: bool, workers: int, root_path: str) -> None:
    """Open the app in a browser: levers, charts and what differs, without the internet.

    It listens on this computer alone unless told otherwise. Ctrl-C ends it.
    """
    from experiments.app.launcher import Address, launch

    launch(Address(host, port, allow_remote, root_path), workers, browser=browser, say=click.echo)
