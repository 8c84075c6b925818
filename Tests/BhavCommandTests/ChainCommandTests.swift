import Foundation
import Testing

@Suite("bhav chain, and the analysis of bhav oi and pcr")
struct ChainCommandTests {
    @Test("a chain in a pipe is csv with greeks, and the analysis goes to standard error")
    func csv() async throws {
        let result = try await BhavProcess.run(["chain", "NIFTY", "--rate", "0.07", "--mock"])
        #expect(result.status == 0)
        let header = try #require(result.lines.first).split(separator: ",").map(String.init)
        #expect(header.first == "strike")
        for name in ["callModelVolatility", "callDelta", "putTheta", "callReason", "forward", "rate", "model", "mode"] {
            #expect(header.contains(name), "\(name)")
        }
        #expect(result.lines.count > 50)
        #expect(result.lines.dropFirst().allSatisfy { $0.contains("simulated") && $0.contains("Black-76") })
        for words in ["Black-76", "rate 0.07", "expected move", "assumed", "max pain", "support", "SIMULATED"] {
            #expect(result.errors.contains(words), "\(words)")
        }
    }

    @Test("a table has calls on the left, the strike in the middle and puts on the right")
    func table() async throws {
        let result = try await BhavProcess.run(["chain", "NIFTY", "--format", "table", "--mock"])
        let heading = try #require(result.lines.first)
        let call = try #require(heading.range(of: "call delta"))
        let strike = try #require(heading.range(of: "strike"))
        let put = try #require(heading.range(of: "put delta"))
        #expect(call.upperBound < strike.lowerBound && strike.upperBound < put.lowerBound)
        #expect(result.lines.count { $0.contains("> ") } == 1, "one strike is marked as at the money")
    }

    @Test("json is the HTTP response, and ndjson has a line per strike")
    func json() async throws {
        let result = try await BhavProcess.run(["chain", "NIFTY", "--format", "json", "--mock"])
        let response = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect((response["model"] as? [String: Any])?["rate"] as? Double == 0)
        #expect(response["mode"] as? String == "simulated")
        let strikes = try #require(response["strikes"] as? [Any])
        let lines = try await BhavProcess.run(["chain", "NIFTY", "--format", "ndjson", "--mock"])
        #expect(lines.lines.count == strikes.count)
    }

    @Test("--at returns the chain, the open interest and the expiries of a past moment, with their places in the list")
    func past() async throws {
        func result(_ arguments: [String]) async throws -> BhavProcess.Result {
            try await BhavProcess.run(arguments + ["NIFTY", "--at", "2026-11-19T10:42", "--format", "csv", "--mock"])
        }
        let dates = try await result(["expiries"]).lines.dropFirst().map { String($0.prefix(10)) }
        #expect(dates.first == "2026-11-23")
        let next = try #require(dates.dropFirst().first)
        let chain = try await result(["chain", "--expiry", "next"])
        let interest = try await result(["oi", "--expiry", "next"])
        for result in [chain, interest] {
            #expect(result.status == 0)
            #expect(result.errors.contains("NSE:NIFTY \(next)"))
            #expect(result.lines.dropFirst().allSatisfy { $0.contains("2026-11-19T05:12:00Z") })
        }
        #expect(chain.lines.count == interest.lines.count)
        let later = try await BhavProcess.run(["chain", "NIFTY", "--at", "2031-01-04", "--mock"])
        #expect(later.status == 66)
        #expect(later.errors.contains("2031-01-04"))
    }

    @Test(
        "an invalid symbol, expiry or strike is named, with its exit code",
        arguments: [
            (["--rate", "7"], 64, "0.07 for 7 %"), (["--rate", "much"], 64, "much"),
            (["--expiry", "soon"], 64, "soon"),
            (["--expiry", "2031-01-04"], 66, "2031-01-04"),
        ])
    func refused(options: [String], status: Int32, words: String) async throws {
        let result = try await BhavProcess.run(["chain", "NIFTY", "--mock"] + options)
        #expect(result.status == status)
        #expect(result.errors.contains(words))
        #expect(result.output.isEmpty)
    }

    @Test("open interest prints ratios with both sums, walls, max pain and the strikes it covers")
    func openInterest() async throws {
        let result = try await BhavProcess.run(["oi", "NIFTY", "--format", "table", "--mock"])
        for words in [
            "put-call ratio by open interest", "puts ", "net change", "max pain", "the lowest of equal strikes",
            "resistance, calls at or above the spot", "listed strikes",
        ] {
            #expect(result.errors.contains(words), "\(words)")
        }
    }

    @Test("a ratio prints its strikes, and each row its source")
    func ratio() async throws {
        let result = try await BhavProcess.run(["pcr", "NIFTY", "--mock"])
        #expect(result.lines.first?.hasPrefix("time,expiry,openInterest,change,volume,") == true)
        #expect(result.lines.count == 2)
        #expect(result.lines[1].contains("mock,simulated"))
        #expect(result.errors.contains("listed strikes"))
    }

    @Test("an invalid option is a usage error, and an invalid environment variable a configuration error")
    func port() async throws {
        let option = try await BhavProcess.run(["serve", "--mock", "--port", "99999"])
        #expect(option.status == 64)
        #expect(option.errors.contains("99999"))
        let environment = try await BhavProcess.run(["serve", "--mock"], environment: ["PORT": "99999"])
        #expect(environment.status == 78)
    }
}
