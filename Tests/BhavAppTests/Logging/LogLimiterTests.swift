import JSON
import Logging
import Testing

@testable import BhavApp

@Suite("The server's log")
struct LogLimiterTests {
    private let start = ContinuousClock.now

    @Test("repeats a message so often within a window, and then says how many were left out")
    func repeated() {
        let limiter = LogLimiter(most: 3, window: .seconds(60))
        let written = (0..<10).count { limiter.admit(.warning, "lost", at: start + .seconds($0)).isAdmitted }
        #expect(written == 3)
        // Another message, and the same at another level, have their own count.
        #expect(limiter.admit(.warning, "other", at: start + .seconds(11)).isAdmitted)
        #expect(limiter.admit(.error, "lost", at: start + .seconds(11)).isAdmitted)
        let after = limiter.admit(.info, "any", at: start + .seconds(60))
        #expect(after.isAdmitted)
        #expect(after.suppressed == [LogLimiter.Suppressed(level: .warning, message: "lost", count: 7)])
        #expect(limiter.admit(.warning, "lost", at: start + .seconds(61)).isAdmitted)
        #expect(limiter.admit(.info, "any", at: start + .seconds(200)).suppressed.isEmpty)
    }

    @Test("never suppresses critical or debug records", arguments: [Logger.Level.critical, .debug])
    func unlimited(level: Logger.Level) {
        let limiter = LogLimiter(most: 1, window: .seconds(60))
        #expect((0..<5).allSatisfy { _ in limiter.admit(level, "m", at: start).isAdmitted })
    }

    @Test("is a line of text or of JSON with its metadata, from which nothing can end the line")
    func lines() throws {
        let text = ServerLogHandler(label: "bhav", format: .text)
        let line = text.line(.warning, "request failed", ["path": "/a\nb\u{1B}[31m", "status": "500"])
        #expect(line.hasSuffix(" warning bhav: request failed path=\"/a b [31m\" status=500\n"))
        let json = ServerLogHandler(label: "bhav", format: .json)
        let fields = try #require(JSONValue(parsing: Array(json.line(.info, "m", ["a": "x\ny"]).utf8)))
        #expect(fields["level"] == .string("info") && fields["message"] == .string("m"))
        #expect(fields["a"] == .string("x\ny"))
    }
}
