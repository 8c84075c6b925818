import Foundation
import Testing

/// The wording of messages, in one place: `Messages.txt` has what standard error says after each of these commands. Sentences of
/// other rooms are pinned there.
/// `BHAV_UPDATE_MESSAGES=1` writes the file again; look at the difference.
@Suite("Messages", .serialized)
struct MessageTests {
    private static let commands = [
        "histroy NIFTY", "bars NIFTY", "history", "history NIFTY -i 7x --mock",
        "history NIFTY --bars 5 --from 2026-01-01 --mock",
        "history NOWHERE:X --from 30d --mock", "history NIFTY --from 200y --mock", "history NIFTY -o x.parquet --mock",
        "history NIFTY -o x.xlsx --mock",
        "history --symbols nowhere.txt --mock", "live NIFTY --count 0 --mock", "live NIFTY --for soon --mock",
        "live NIFTY --format arrow --mock", "oi NIFTY --expiry someday --mock", "search nosuchthing --mock",
        "search x --limit 0 --mock",
        "record NIFTY --from 2026-01-01 --mock", "record NIFTY --format csv --mock", "record NIFTY --expiries 0 --mock",
        "backfill NIFTY --mock", "backfill --resume NIFTY --mock", "backfill --resume --job 9 --mock",
        "gaps NIFTY --mock", "store jobs 9 --mock", "store retain --keep 2y --mock",
        "import nowhere.csv --symbol NIFTY -i 1d",
        "keys new two.words!", "keys revoke unknown", "simulate --tls-cert a.pem", "simulate --port 70000",
        "serve --port 70000 --mock",
    ]

    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Messages.txt")

    @Test("standard error matches the snapshot")
    func snapshot() async throws {
        let folder = NSTemporaryDirectory() + "bhav-messages-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var said: [String] = []
        for command in Self.commands {
            let arguments = command.split(separator: " ").map(String.init)
            let result = try await BhavProcess.run(
                arguments, environment: ["BHAV_DATA": "\(folder)/data", "COLUMNS": "100"])
            let errors = result.errors.replacingOccurrences(of: folder, with: "FOLDER")
            said.append("$ bhav \(command)\n\(errors)exit \(result.status)\n")
        }
        if ProcessInfo.processInfo.environment["BHAV_UPDATE_MESSAGES"] != nil {
            try said.joined(separator: "\n").write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let known = try String(contentsOf: Self.file, encoding: .utf8)
        for message in said { #expect(known.contains(message), "not in Messages.txt: \(message)") }
        #expect(known == said.joined(separator: "\n"))
    }
}
