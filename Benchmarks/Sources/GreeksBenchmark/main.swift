// GreeksBenchmark [REPETITIONS=2000]: how long the greeks of an option chain of 100 strikes take.

let repetitions = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 2_000 : 2_000
GreeksBenchmark(repetitions: max(1, repetitions)).run()
