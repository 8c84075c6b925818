"""compare.py BENCHMARK [ROUNDS=3]: runs the store's benchmark and executemany.py one after the other, round by round, and
prints what the store writes by what Python writes: numbers of one machine in the same minutes compare, others do not."""

import re
import statistics
import subprocess
import sys

PAIRS = (("new", "new"), ("confirmed by newer responses", "over existing ones"), ("the same responses again", "over existing ones"))


def rates(command, pattern):
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    sys.stdout.write(text)
    return {name: float(rate.replace(",", "")) for name, rate in re.findall(pattern, text)}


def main():
    benchmark = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    ratios = {pair: [] for pair in PAIRS}
    for _ in range(rounds):
        ours = rates([benchmark, "2400", "3"], r"write, batches of 5,000, ([^:]+): (\d+) bars/s")
        theirs = rates([sys.executable, "executemany.py", "200000", "3"], r"executemany, ([^:]+): ([\d,]+) rows/s")
        for ours_name, theirs_name in PAIRS:
            ratios[ours_name, theirs_name].append(ours[ours_name] / theirs[theirs_name])
    for (ours_name, theirs_name), values in ratios.items():
        each = ", ".join(f"{value:.2f}" for value in values)
        print(f"{ours_name} by Python's {theirs_name}: {statistics.median(values):.2f} ({each})")


if __name__ == "__main__":
    main()
