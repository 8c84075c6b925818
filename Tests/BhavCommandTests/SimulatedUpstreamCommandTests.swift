import Foundation
import TestSupport
import Testing
import UpstreamSimulator

@Suite("Commands on a simulated upstream, over sockets", .serialized)
struct SimulatedUpstreamCommandTests {
    /// Runs commands against a simulator of this process.
    private func withSimulator(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        _ body: ([String: String]) async throws -> Void
    ) async throws {
        try await UpstreamSimulator.withRunning(configuration) { simulator, port in
            let pairs = simulator.environment(port: port).map { ($0.name, $0.value) }
            try await body(Dictionary(pairs) { $1 })
        }
    }

    @Test("12,000 bars come in three pages, distinct and ascending")
    func threePages() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(
                ["history", "NSE:NIFTY", "--interval", "5m", "--bars", "12000", "--format", "csv"],
                environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            let times = result.lines.dropFirst().compactMap { Int($0.prefix { $0 != "," }) }
            #expect(times.count == 12_000)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 + 300 == $1 })
        }
    }

    @Test("prints twenty quotes of two symbols")
    func quotes() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(
                ["live", "NSE:NIFTY", "NSE:BANKNIFTY", "--count", "20"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.lines.count == 20)
            #expect(result.output.contains("NSE:BANKNIFTY"))
            #expect(!result.output.contains("simulated"))
        }
    }

    @Test("an unknown symbol is exit code 66 at once")
    func unknownSymbol() async throws {
        try await withSimulator { environment in
            let clock = ContinuousClock()
            let start = clock.now
            let result = try await BhavProcess.run(["history", "NSE:NOSUCH"], environment: environment)
            #expect(result.status == 66, "\(result.errors)")
            #expect(result.output.isEmpty)
            #expect(clock.now - start < .seconds(10))
        }
    }

    @Test(
        "an upstream that is down is exit code 69 with the reason, and no number",
        arguments: [["history", "NSE:NIFTY"], ["oi", "NIFTY"], ["live", "NIFTY"], ["expiries", "NIFTY"]])
    func down(arguments: [String]) async throws {
        let closedPort = [
            "TRADINGVIEW_URL": "ws://127.0.0.1:9", "TRENDLYNE_URL": "http://127.0.0.1:9",
            "NSE_URL": "http://127.0.0.1:9",
        ]
        let result = try await BhavProcess.run(arguments, environment: closedPort, seconds: 30)
        #expect(result.status == 69, "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("127.0.0.1"))
    }

    @Test("a plan that shows fewer bars gives a partial result that says so")
    func planLimit() async throws {
        try await withSimulator(SimulatorConfiguration(scenario: .freePlan)) { environment in
            let result = try await BhavProcess.run(
                ["history", "NSE:NIFTY", "-i", "5m", "-n", "7000"], environment: environment)
            #expect(result.status == 2, "\(result.errors)")
            #expect(result.lines.count == 5_001)
            #expect(result.errors.contains("plan_limit"))
        }
    }

    @Test("open interest from Trendlyne adds up, in shares, as of the source's time")
    func openInterest() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(["oi", "NIFTY", "--format", "json"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            let response = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let strikes = try #require(response["strikes"] as? [[String: Any]])
            func sum(_ side: String, _ value: String) -> Double {
                strikes.compactMap { ($0[side] as? [String: Any])?[value] as? Double }.reduce(0, +)
            }
            let totals = try #require(response["totals"] as? [String: Any])
            #expect(result.number(named: "putCallRatio") == sum("put", "openInterest") / sum("call", "openInterest"))
            #expect(totals["callChange"] as? Double == sum("call", "change"))
            #expect(totals["putChange"] as? Double == sum("put", "change"))
            #expect(response["source"] as? String == "trendlyne")
            #expect(response["unit"] as? String == "shares")
        }
    }

    @Test("doctor reports what works, and with --trace the messages, without secrets")
    func doctor() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(
                ["doctor", "--trace"], environment: environment.merging(["TV_AUTH_TOKEN": "eyJ.geheim.x"]) { $1 })
            #expect(result.status == 0, "\(result.output)")
            #expect(result.lines.count(where: { $0.hasPrefix("ok ") }) == 8)
            #expect(result.errors.contains("create_series"))
            #expect(!result.errors.contains("geheim") && !result.output.contains("geheim"))
        }
    }

    @Test("doctor names the stage that fails and what to do")
    func doctorOfTheDown() async throws {
        let closedPort = [
            "TRADINGVIEW_URL": "ws://127.0.0.1:9", "TRADINGVIEW_SEARCH_URL": "http://127.0.0.1:9",
            "TRENDLYNE_URL": "http://127.0.0.1:9", "NSE_URL": "http://127.0.0.1:9",
        ]
        let result = try await BhavProcess.run(["doctor"], environment: closedPort, seconds: 30)
        #expect(result.status == 69)
        #expect(result.output.contains("connecting"))
        #expect(result.output.contains("NO history of NSE:NIFTY"))
        let other = try await BhavProcess.run(
            ["doctor", "--symbol", "BSE:NOSUCH"], environment: closedPort, seconds: 30)
        #expect(other.output.contains("\n-- "), "\(other.output)")
        #expect(other.status == 69)
    }

    @Test("doctor with an account requests history even where the free server is down")
    func doctorOfAPlan() async throws {
        try await withSimulator { environment in
            let down = ["TRADINGVIEW_URL": "ws://127.0.0.1:9", "TV_AUTH_TOKEN": "eyJ.a.b"]
            let result = try await BhavProcess.run(["doctor"], environment: environment.merging(down) { $1 })
            #expect(result.status == 2)
            #expect(result.output.contains("NO connection"))
            #expect(result.output.contains("NO history of NSE:NIFTY: upstream_unavailable"), "\(result.output)")
            #expect(result.lines.count { $0.hasPrefix("NO live quote") && $0.contains("upstream_unavailable") } == 1)
        }
    }

    @Test("doctor reports a source that is down, also where another replaces it")
    func doctorOfOneSource() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(
                ["doctor"], environment: environment.merging(["TRENDLYNE_URL": "http://127.0.0.1:9"]) { $1 })
            #expect(result.status == 2)
            #expect(result.output.contains("NO expiries of NSE:NIFTY at Trendlyne: upstream_unavailable"))
            #expect(result.output.contains("ok open interest of NSE:NIFTY at NSE"))
        }
    }

    @Test("doctor names the stage at which a request fails, and reports no failure for what a source does not offer")
    func doctorOfASymbol() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(["doctor", "--symbol", "BSE:NOSUCH"], environment: environment)
            #expect(result.status == 2)
            let resolving = "fails at resolving the symbol: symbol_not_found"
            #expect(result.output.contains("NO history of BSE:NOSUCH: \(resolving)"))
            #expect(result.output.contains("NO live quote of BSE:NOSUCH: \(resolving)"))
            #expect(result.output.contains("-- expiries of BSE:NOSUCH at Trendlyne: not_supported"))
        }
    }

    @Test("a bare ticker outside the symbol book is the search's exact match, or an error with similar symbols")
    func proposals() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(["history", "AAPL", "-n", "3"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("NASDAQ:AAPL"))
            let mistyped = try await BhavProcess.run(["oi", "NIFTTY"], environment: environment)
            #expect(mistyped.status == 66)
            #expect(mistyped.errors.contains("NSE:NIFTY"))
        }
    }

    @Test("with an untrusted certificate every check says so, and how to trust it")
    func untrustedCertificate() async throws {
        var upstream = SimulatorConfiguration()
        upstream.encryption = .selfMade
        try await withSimulator(upstream) { environment in
            let distrustful = environment.filter { $0.key != "SSL_CERT_FILE" }
            let result = try await BhavProcess.run(["doctor"], environment: distrustful)
            #expect(result.status == 69)
            #expect(
                result.lines.count { $0.hasPrefix("NO connection: upstream_unavailable") && $0.contains("TLS") } == 1)
            #expect(result.output.components(separatedBy: "(trust ").count == 5)
            #expect(!result.output.contains("BoringSSL"))
        }
    }

    @Test("a time alone means today at the exchange, for the ends of a range too")
    func timesOfToday() async throws {
        try await withSimulator { environment in
            let result = try await BhavProcess.run(
                ["history", "NIFTY", "-i", "5m", "--from", "00:00", "--to", "00:15", "--time", "exchange"],
                environment: environment)
            #expect(result.lines.dropFirst().map { $0.dropFirst(10).prefix(6) } == ["T00:00", "T00:05", "T00:10"])
        }
    }

    @Test("simulate prints an environment that works")
    func simulate() async throws {
        let simulator = BhavProcess.process(["simulate", "--port", "0"])
        let pipe = Pipe()
        simulator.standardOutput = pipe
        try simulator.run()
        defer { simulator.terminate() }
        let lines = try await BhavProcess.firstLines(5, of: pipe)
        let pairs = lines.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        let environment = Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 }
        let result = try await BhavProcess.run(["search", "nifty"], environment: environment)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("NSE:NIFTY"))
    }

    @Test(
        "recorded Apple bars are printed to the last digit, with the feed that sent them",
        .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
    func recording() async throws {
        let captures = try #require(Captures.folder).path
        let folder = NSTemporaryDirectory() + "bhav-recording-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["mktcli-history-ok-msg0.txt", "mktcli-history-ok-msg1.txt"] {
            try FileManager.default.copyItem(
                atPath: "\(captures)/tradingview/\(name)", toPath: "\(folder)/\(name)")
        }
        var configuration = SimulatorConfiguration()
        configuration.recording = folder
        try await withSimulator(configuration) { environment in
            let result = try await BhavProcess.run(
                ["history", "NASDAQ:AAPL", "--interval", "1d", "--bars", "5"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                result.output == """
                    time,open,high,low,close,volume,final
                    1786714200,306,307.49,304.3,305.93,28229375,true
                    1786973400,306.21,307.66,302.939,305.59,38169263,true
                    1787059800,307.58,311.49,305.74,310.03,53424535,true
                    1787146200,310.14,319.2799,309.6,316.83,50505646,true
                    1787232600,317.455,320.28,310.65,311.3,40959184,true

                    """)
            #expect(result.errors.contains("BATS:AAPL"))
        }
    }
}
