import Logging
import MarketData
import MarketHub
import MarketServer
import TestSupport
import Testing

@Suite("More questions than can be answered")
struct OverloadTests {
    @Test("so many questions for past data run at once, and one whose turn does not come is told to come back")
    func bounded() async throws {
        let source = PatientSource()
        let hub = MarketHub(
            history: [source], openInterest: [], live: [], search: [],
            logger: .quiet, clock: { RunningServer.now })
        try await RunningServer.with(
            hub: hub,
            configure: {
                $0.limits.concurrentHistoryRequests = 2
                $0.limits.requestTime = .seconds(2)
            }
        ) { server in
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<5 {
                    group.addTask { try await server.get("/v1/bars?symbol=NIFTY&interval=1m") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status).sorted() == [503, 503, 503, 504, 504])
            #expect(source.asked == 2)
            let refused = try #require(answers.first { $0.status == 503 })
            #expect(try refused.json["error"]["code"].string == "overloaded")
            #expect(refused.headers["retry-after"] != nil)
        }
    }

    @Test("a place that becomes free goes to the next, until all are answered")
    func turns() async throws {
        try await RunningServer.with(configure: { $0.limits.concurrentHistoryRequests = 1 }) { server in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<12 {
                    group.addTask { try await server.get("/v1/bars?symbol=NIFTY&interval=1m&count=2000").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 12))
        }
    }
}
