"""How fast the pages are with a large mirror behind them."""
