from huiyin.foundation.calendar import bench


def test_the_bench_says_what_it_measured() -> None:
    measured = bench.run(rows=500)
    assert (measured["name"], measured["unit"], measured["rows"]) == ("calendar", "due times/s", 500)
    assert measured["ratio"] == measured["ours"] / measured["baseline"]
    assert measured["ratio"] > 3
