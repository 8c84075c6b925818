import MarketData
import TestSupport
import Testing

@testable import MarketFormats

@Suite("Damaged files")
struct ImportFuzzTests {
    private static let files = [
        "time,open,high,low,close,volume\n1780890300,1.5,2.5,0.5,2,1200\n1780890600,1.5,2.5,0.5,2,1200\n",
        "Date;Time;Open;High;Low;Close;Volume\n08.06.2026;09:15;1,5;2,5;0,5;2,0;1.200\n08.06.2026;09:20;1;2;1;2;\"1\"\n",
        "Price,Close,High,Low,Open,Volume\nTicker,A.NS,A.NS,A.NS,A.NS,A.NS\nDate,,,,,\n2026-06-08,2,3,1,2,5\n",
        "[[1780890300000,\"1.5\",\"2.5\",\"0.5\",\"2\",\"1200\"],[1780890600000,1,2,1,2,3]]",
        "{\"open\":{\"1780890300000\":1.5},\"high\":{\"1780890300000\":2.5},\"low\":{\"1780890300000\":0.5},\"close\":{\"1780890300000\":2}}",
        "{\"time\":1780890300,\"open\":1,\"high\":2,\"low\":1,\"close\":2}\n{\"time\":1780890600,\"open\":1,\"high\":2,\"low\":1,\"close\":NaN}\n",
        "{\"2026-06-08 09:15:00\":{\"1. open\":\"1.5\",\"2. high\":\"2.5\",\"3. low\":\"0.5\",\"4. close\":\"2\"}}",
        "time                       open  high  low  close  volume\n2026-06-08T09:15:00+05:30   1.5   2.5  0.5      2   1,200\n",
    ]

    @Test("a damaged file gives ordered, finite bars of the past, or an error", arguments: ["5m", "1d", "1w"])
    func files(interval: String) throws {
        var fuzzing = Fuzzing(seed: 20_261_129, corpus: Self.files)
        try fuzzing.run(rounds: 1500) { bytes in
            for isSkipping in [false, true] {
                let contents: BarFileContents
                do { contents = try BarFile.read(bytes, interval: interval, skipping: isSkipping) } catch is ImportFault
                {
                    continue
                }
                let times = contents.bars.map(\.time)
                #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
                #expect(times.allSatisfy { $0 <= BarFile.now })
                #expect(contents.bars.allSatisfy { [$0.open, $0.high, $0.low, $0.close].allSatisfy(\.isFinite) })
            }
        }
    }

    @Test("damaged symbol lists and responses give values or an error")
    func others() {
        var fuzzing = Fuzzing(
            seed: 7,
            corpus: [
                "###INDICES,NSE:NIFTY,###STOCKS,NSE:BHEL", "NSE:M&M\r\nNSE:BAJAJ-AUTO # comment\n",
                #"{"source":"mock","mode":"simulated","asOf":"2026-06-08T00:00:00Z","bars":[{"time":1,"open":1,"high":2,"low":1,"close":2,"final":true}],"gaps":[{"from":1,"to":2}]}"#,
                #"{"error":{"code":"throttled","message":"x","suggestions":["A"]},"sources":[{"source":"nse","state":"idle"}]}"#,
            ])
        let request = BarRequest(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .fiveMinutes, span: .count(1))
        fuzzing.run { bytes in
            let symbols = try? SymbolListText.symbols(bytes)
            #expect(symbols?.allSatisfy { !$0.name.isEmpty && $0.line > 0 } ?? true)
            _ = try? BarSeries(response: bytes, to: request)
            _ = MarketDataError(response: bytes)
            _ = try? ServerSource.sources(response: bytes)
            _ = try? DateInput.iso(String(decoding: bytes, as: UTF8.self))
        }
    }
}
