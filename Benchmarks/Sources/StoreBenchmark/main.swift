import Foundation
import MarketData
import MarketStore

// StoreBenchmark [DAYS=2400] [REPETITIONS=5] [FOLDER]: how fast bars are written and read, and how much room they take.
// Run `python3 executemany.py` in the same minute: numbers of one machine at one time compare, others do not.

let arguments = CommandLine.arguments
let days = arguments.count > 1 ? Int(arguments[1]) ?? 2_400 : 2_400
let repetitions = arguments.count > 2 ? Int(arguments[2]) ?? 5 : 5
let parent = arguments.count > 3 ? arguments[3] : FileManager.default.temporaryDirectory.path

let benchmark = StoreBenchmark(days: days, repetitions: repetitions, parent: parent)
try await benchmark.run()
