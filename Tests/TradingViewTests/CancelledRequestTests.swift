import MarketData
import TestSupport
import Testing
import TradingView
import TradingViewProtocol

@Suite("Cancelled requests, and too many requests")
struct CancelledRequestTests {
    private static let names = #""full_name":"NSE:NIFTY","type":"index""#

    /// Two bars and no end of the history; more are never given.
    private static let pages: @Sendable (ReceivedCall) -> [String] = { call in
        Script.series(call, names: names, times: [1_786_714_200, 1_786_800_600]).map {
            $0.replacing(#""data_completed":"end""#, with: #""rt_update_period":5"#)
        }
    }

    @Test("a history cancelled while it pages releases its session, and the next request gets a response")
    func cancelledHistory() async throws {
        try await ScriptedUpstream.withClient(responding: Self.pages) { client, upstream in
            let request = Task { try await client.bars(.newest(5, of: .nifty, .oneDay)) }
            try await waitUntil { !upstream.texts(of: "request_more_data", at: 0).isEmpty }
            #expect(upstream.texts(of: "chart_delete_session", at: 0).isEmpty)
            request.cancel()
            await #expect(throws: CancellationError.self) { try await request.value }
            let session = upstream.texts(of: "create_series", at: 0)
            try await waitUntil { upstream.texts(of: "chart_delete_session", at: 0) == session }
            let bars = try await client.bars(.newest(2, of: .nifty, .oneDay)).bars
            #expect(bars.count == 2)
        }
    }

    @Test("live bars cancelled before their first snapshot release their session")
    func cancelledLiveBars() async throws {
        try await ScriptedUpstream.withClient(responding: Self.pages) { client, upstream in
            let request = Task { try await client.liveBars(.newest(5, of: .nifty, .oneDay)) }
            try await waitUntil { !upstream.texts(of: "request_more_data", at: 0).isEmpty }
            request.cancel()
            await #expect(throws: CancellationError.self) { try await request.value }
            let session = upstream.texts(of: "create_series", at: 0)
            try await waitUntil { upstream.texts(of: "chart_delete_session", at: 0) == session }
        }
    }

    @Test("a missing page ends the request at the deadline, heartbeats or not, and releases its session")
    func silentPage() async throws {
        try await ScriptedUpstream.withClient(
            responding: Self.pages, { $0.deadlines.progress = .milliseconds(500) }
        ) { client, upstream in
            let error = try await within(.seconds(5)) {
                await marketError { try await client.bars(.newest(5, of: .nifty, .oneDay)) }
            }
            #expect(error?.code == .upstreamTimeout)
            #expect(error?.message.contains("page 2") == true)
            let session = upstream.texts(of: "create_series", at: 0)
            try await waitUntil { upstream.texts(of: "chart_delete_session", at: 0) == session }
        }
    }

    @Test("requests beyond the queue's limit are rejected at once; the others continue, and later ones are accepted")
    func tooMany() async throws {
        try await ScriptedUpstream.withClient(
            responding: Self.pages,
            {
                $0.deadlines.progress = .milliseconds(800)
                $0.concurrentRequests = 3
            }
        ) { client, upstream in
            let codes = try await within(.seconds(5)) {
                await withTaskGroup(of: MarketDataError.Code?.self) { group in
                    for _ in 0..<5 {
                        group.addTask {
                            await marketError { try await client.bars(.newest(5, of: .nifty, .oneDay)) }?.code
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(codes.count { $0 == .overloaded } == 2)
            #expect(codes.count { $0 == .upstreamTimeout } == 3)
            let bars = try await client.bars(.newest(2, of: .nifty, .oneDay)).bars
            #expect(bars.count == 2)
        }
    }
}
