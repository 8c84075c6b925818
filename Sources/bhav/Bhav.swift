import ArgumentParser
import Foundation

/// The command line of Bhav.
@main
struct Bhav: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bhav",
        abstract: "Serve and print market data that says where it came from.",
        discussion: """
            Data goes to standard output, everything else to standard error. On a terminal the output is a table; in a pipe it \
            is JSON for oi, a line of JSON each for live, and csv for the other commands. --format, the ending of \
            --output, or BHAV_FORMAT choose another.

            Exit codes: 0 done, 2 partial, 64 usage, 65 invalid data from a source or file, 66 no such symbol, 69 source \
            unavailable, 73 cannot write, 75 try again later, 77 not entitled or sign-in refused, 78 configuration, 130 \
            interrupted.

            BHAV_URL names a running server that the reading commands use in place of the sources: history, quote, live, watch, \
            search, expiries, oi, chain, contract, pcr, gaps, mcp and doctor. backfill, record, export, import, backup and \
            store work on the local store in BHAV_DATA.
            """,
        version: Release.version,
        subcommands: [
            ServeCommand.self, HistoryCommand.self, LiveCommand.self, SearchCommand.self, ExpiriesCommand.self,
            OpenInterestCommand.self, ChainCommand.self, ContractCommand.self, PutCallRatioCommand.self,
            SimulateCommand.self, DoctorCommand.self, RecordCommand.self,
            BackfillCommand.self, GapsCommand.self, ExportCommand.self, ImportCommand.self, BackupCommand.self,
            StoreCommand.self, WatchCommand.self, MCPCommand.self, QuoteCommand.self, KeysCommand.self,
        ]
    )

    static func main() async {
        if let word = CommandLine.arguments.dropFirst().first, let message = CommandNames.message(for: word) {
            Console.say("bhav: \(message)")
            Foundation.exit(CommandExit.usage.rawValue)
        }
        await main(nil)
    }
}

/// The names of the commands, for what is mistyped.
enum CommandNames {
    private static var known: [String] {
        Bhav.configuration.subcommands.flatMap {
            [$0.configuration.commandName].compactMap { $0 } + $0.configuration.aliases
        } + ["help"]
    }

    /// The message for a first argument that is not a command; `nil` for a command or an option.
    static func message(for word: String) -> String? {
        guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
        let near = nearest(to: word.lowercased())
        let advice = near.isEmpty ? "bhav --help lists the commands" : "did you mean: \(near.joined(separator: ", "))"
        return "unknown command '\(word.prefix(60))'\n      \(advice)"
    }

    /// The commands within two mistakes, or that the word begins or is the beginning of.
    static func nearest(to word: String) -> [String] {
        let synonyms = [
            "bars": "history", "candles": "history", "openinterest": "oi",
            "open-interest": "oi", "options": "chain", "option-chain": "chain", "server": "serve", "fetch": "backfill",
            "ratio": "pcr", "list": "search", "check": "doctor", "key": "keys",
        ]
        if let synonym = synonyms[word] { return [synonym] }
        let near = known.filter { name in
            distance(word, name) <= (name.count > 4 ? 2 : 1)
                || (word.count > 2 && (name.hasPrefix(word) || word.hasPrefix(name)))
                || name.commonPrefix(with: word).count > 3
        }
        // A command that begins as the word does is nearer than one with as many letters right elsewhere.
        let rank = { (name: String) in distance(word, name) - name.commonPrefix(with: word).count }
        return Array(near.sorted { (rank($0), $0) < (rank($1), $1) }.prefix(3))
    }

    /// How many letters are to be changed, added, left out or swapped (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8.prefix(64)), Array(right.utf8.prefix(64)))
        var rows = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in 0...left.count { rows[row][0] = row }
        for column in 0...right.count { rows[0][column] = column }
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        for row in 1...left.count {
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var best = min(rows[row - 1][column] + 1, rows[row][column - 1] + 1, rows[row - 1][column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, rows[row - 2][column - 2] + 1)
                }
                rows[row][column] = best
            }
        }
        return rows[left.count][right.count]
    }
}

/// Which release this is.
enum Release {
    static let version = "0.1.0"
}
