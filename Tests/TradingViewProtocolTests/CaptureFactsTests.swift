import JSON
import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@Suite("Contents of recorded messages", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct CaptureFactsTests {
    @Test("reads 2,637 one-minute bars with volume")
    func barsWithVolume() throws {
        let block = try block(of: "tvrs-01-timescale-btc-1m-2637bars-volume", "sds_5")
        #expect(block.bars.count == 2637)
        #expect(block.turnaround == "s1")
        let first = SeriesBar(
            index: 0,
            time: Timestamp(seconds: 1_685_633_880),
            open: 33019.3,
            high: 33025.31,
            low: 33018.84,
            close: 33021.84,
            volume: 638_315
        )
        #expect(block.bars.first == first)
        #expect(block.bars.last?.index == 2636)
        #expect(block.bars.allSatisfy { $0.volume != nil && $0.openInterest == nil })
        #expect(zip(block.bars, block.bars.dropFirst()).allSatisfy { $0.time < $1.time })
    }

    @Test("reads 2,637 one-minute bars without volume")
    func barsWithoutVolume() throws {
        let block = try block(of: "tvrs-02-timescale-1m-2637bars-no-volume", "sds_2")
        #expect(block.bars.count == 2637)
        #expect(block.bars.allSatisfy { $0.volume == nil })
        #expect(block.bars.first?.close == 14329.2387)
    }

    @Test("reads 368 daily bars with volumes in billions")
    func dailyBars() throws {
        let block = try block(of: "tvrs-19-timescale-spx-1d-368bars", "sds_7")
        #expect(block.bars.count == 368)
        #expect(block.bars.first?.volume == 1_798_000_000)
        #expect(block.bars.last?.index == 367)
    }

    @Test("reads a whole anonymous fetch in one message")
    func wholeFetch() throws {
        let events = try events(of: "mktcli-history-ok-msg1")
        let series = SeriesReference(session: SessionID(rawValue: "cs_m4euhx"), id: "sds_1", turnaround: "s1")
        #expect(events.count == 4)
        #expect(events[0] == .seriesLoading(series))
        guard case .symbolResolved(_, "sym_1", let symbol) = events[1] else {
            Issue.record("\(events[1])")
            return
        }
        #expect(symbol.fullName == "BATS:AAPL" && symbol.proName == "NASDAQ:AAPL" && symbol.exchange == "Cboe One")
        #expect(symbol.hasVolume == true && symbol.timeZone == "America/New_York" && symbol.session == "0930-1600")
        #expect(symbol.subsessions.count == 6 && symbol.alternatives == ["BATS_DLY:AAPL"])
        let block = try #require(events[2].update?.block("sds_1"))
        #expect(block.bars.count == 5)
        #expect(block.bars.last?.close == 311.3)
        #expect(block.barCloseTime == Timestamp(seconds: 1_787_255_999))
        let scale = TimeScale(index: 0, zeroOffset: 0, changes: 5)
        #expect(events[2].update?.scale == scale)
        let completion = SeriesCompletion(
            updateMode: .streaming,
            realTimeUpdatePeriod: 5,
            serverTime: Timestamp(milliseconds: 1_787_292_487_429)
        )
        #expect(events[3] == .seriesCompleted(series, completion))
    }

    @Test("reads update modes and the end of paging")
    func completions() throws {
        let delayed = try #require(try completion(of: "tvrs-06-series_completed-delayed900"))
        #expect(delayed.updateMode == .delayedStreaming(seconds: 900) && delayed.updateMode.delaySeconds == 900)
        let limit = try #require(try completion(of: "series_completed-data_completed-limit"))
        #expect(limit.dataCompleted == .limit && limit.realTimeUpdatePeriod == 0)
    }

    @Test("reads a symbol resolved in 2023")
    func symbol() throws {
        guard case .symbolResolved(_, _, let symbol) = try events(of: "tvrs-11-symbol_resolved-spx").first else {
            Issue.record("no symbol")
            return
        }
        #expect(symbol.fullName == "SP:SPX" && symbol.summary == "S&P 500" && symbol.type == "index")
        #expect(symbol.currencyCode == "USD" && symbol.session == "0930-1610" && symbol.hasIntraday == true)
        #expect(symbol.sessionHolidays?.hasPrefix("20000117,") == true)
    }

    @Test("reads the hello of 2022, 2024 and 2025")
    func hello() throws {
        let names = ["hello-2022-erlang-pid", "hello-2024-widget-array", "hello-2025-pro"]
        let studies = try names.map { name in
            guard case .hello(let hello)? = try events(of: name).first else { return [name] }
            return hello.studies
        }
        #expect(studies == [["javastudies-3.61_2654"], ["3.64"], ["3.66"]])
    }

    @Test("drawings and studies are not series and hold no bars")
    func drawings() throws {
        let drawings = try events(of: "wsfeeds-04-msg-21-du-pointsets")
        #expect(drawings.count == 21)
        #expect(drawings.allSatisfy { $0.update?.blocks.first?.kind == .drawing })
        let study = try events(of: "wsfeeds-14-msg-study-volume-du-negative-indexes")
        #expect(study.compactMap(\.update).flatMap(\.blocks).map(\.kind) == [.study])
    }

    @Test("reads quotes of an Indian index: a delta, a snapshot, and its end")
    func quotes() throws {
        let events = try events(of: "wsfeeds-05-msg-qsd-qsd-quote_completed-banknifty")
        #expect(events[0].quote?.fields == ["lp_time": 1_764_669_540])
        #expect(events[1].quote?.fields.change(of: .last) == .value(59273.8))
        #expect(events[1].quote?.fields.change(of: .volume) == .value(207_110_345))
        #expect(events[1].quote?.updateMode == .streaming)
        guard case .quoteCompleted(_, "NSE:BANKNIFTY") = events[2] else {
            Issue.record("\(events[2])")
            return
        }
    }

    @Test("a quote's name is kept exactly as it was added")
    func nameIsVerbatim() throws {
        let name = try #require(try events(of: "wsfeeds-19-qsd-name-is-json-spec").first?.quote?.name)
        let specification = SymbolSpecification(
            "NSE:BANKNIFTY", adjustment: .splits, hours: .extended, currency: "INR")
        #expect(name == specification.text)
        #expect(SymbolSpecification(text: name) == specification)
    }

    @Test("a bond's quote reports that it never has volume, and substituted feeds are allowed")
    func substitutes() throws {
        #expect(try events(of: "qsd-tvc-de10y-snapshoter").first?.quote?.text("visible-plots-set") == "ohlc")
        #expect(try events(of: "tvrs-17-qsd-aapl-original_name-bats").first?.quote?.originalName == "BATS:AAPL")
    }

    @Test("reads a symbol without quotes, and characters beyond the basic plane")
    func oddities() throws {
        let refused = try #require(try events(of: "qsd-error-no_such_symbol").first?.quote)
        #expect(refused.status == .error && refused.errorMessage == "no_such_symbol" && refused.fields.isEmpty)
        #expect(try events(of: "synthetic-astral-utf16").first?.quote?.text("description") == "🚀 Rocket")
        #expect(try events(of: "synthetic-lone-surrogate-escape").first?.quote?.text("description") == "🚀 é")
    }

    @Test("the end of a session differs from the end of the connection")
    func errors() throws {
        guard
            case .criticalError(_, "invalid parameters", let info?)? =
                try events(of: "critical_error-invalid-timeframe").first
        else {
            Issue.record("no critical error")
            return
        }
        #expect(info.hasPrefix("method: create_series."))
        #expect(try events(of: "protocol_error-bad-auth-token") == [.protocolError("bad auth token")])
        guard
            case .seriesError(_, "seconds_not_entitled")? =
                try events(of: "tvkit-series_error-seconds_not_entitled").first
        else {
            Issue.record("no series error")
            return
        }
    }

    @Test("reads calls of widgets and Pine studies")
    func calls() throws {
        let call = try #require(try received("client-widget-create_series-range-120M"))
        let parameters = try #require(CreateSeriesParameters(call))
        #expect(parameters.count == .newest(300) && parameters.range == "120M")
        #expect(parameters.resolution.interval == .oneMonth)
        let pine = try #require(try received("wsfeeds-10-client-create_study-pine-49kB"))
        #expect(pine.parameters[5]["text"]?.string?.utf8.count ?? 0 > 40_000)
    }

    private func events(of name: String) throws -> [ServerEvent] {
        packets(try Captures.message(name)).compactMap { packet in
            if case .message(let payload) = packet { ServerEventDecoder.decode(payload) } else { nil }
        }
    }

    private func block(of name: String, _ id: String) throws -> ChartBlock {
        try #require(try events(of: name).first?.update?.block(id))
    }

    private func completion(of name: String) throws -> SeriesCompletion? {
        guard case .seriesCompleted(_, let completion)? = try events(of: name).first else { return nil }
        return completion
    }

    private func received(_ name: String) throws -> ReceivedCall? {
        guard case .message(let payload)? = packets(try Captures.message(name)).first else { return nil }
        return ClientCallDecoder.decode(payload)
    }
}
