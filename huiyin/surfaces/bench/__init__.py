"""The performance budget, measured as ratios in one run on one machine: `huiyin bench`."""
