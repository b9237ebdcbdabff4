"""Parts that pages are put together from; each draws what it is given and tells what was clicked."""
