import Logging
import MarketData
import MarketHub
import MarketServer
import TestSupport
import Testing

@Suite("Overload")
struct OverloadTests {
    @Test("requests for past data are limited, and one that waits too long gets a Retry-After")
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
            let responses = try await withThrowingTaskGroup(of: ServerResponse.self) { group in
                for _ in 0..<5 {
                    group.addTask { try await server.get("/v1/bars?symbol=NIFTY&interval=1m") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(responses.map(\.status).sorted() == [503, 503, 503, 504, 504])
            #expect(source.requested == 2)
            let refused = try #require(responses.first { $0.status == 503 })
            #expect(try refused.json["error"]["code"].string == "overloaded")
            #expect(refused.headers["retry-after"] != nil)
        }
    }

    @Test("a free place goes to the next request, until all are served")
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
