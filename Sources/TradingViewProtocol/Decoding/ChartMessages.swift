import JSON
import MarketData

extension ServerMessage {
    /// What a chart session says of symbols, series and its time scale; `nil` for any other message.
    func chartEvent() throws(MessageFault) -> ServerEvent? {
        switch method {
        case "symbol_resolved":
            return .symbolResolved(try session(), name: try text(1), ResolvedSymbol(fields: try object(2)))
        case "symbol_error":
            let details = parameters.dropFirst(3).map { $0.string ?? $0.text }
            return .symbolError(try session(), name: try text(1), reason: reason(2), details: Array(details))
        case "series_loading": return .seriesLoading(try series())
        case "series_timeframe":
            return .seriesTimeframe(
                try series(),
                from: parameter(3).integer,
                to: parameter(4).integer,
                range: parameter(5).string ?? ""
            )
        case "series_completed": return .seriesCompleted(try series(turnaround: 3), try completion())
        case "series_error": return .seriesError(try series(), reason: reason(3))
        case "series_deleted": return .seriesDeleted(try series())
        case "timescale_update": return .timescaleUpdate(try update())
        case "du": return .dataUpdate(try update())
        case "clear_data": return .clearData(try session(), turnaround: parameters.dropFirst().last?.string)
        case "tickmark_update": return .tickmarkUpdate(try session(), TimeScale(try object(1)))
        case "index_update": return .indexUpdate(try session(), Array(parameters.dropFirst()))
        case "first_bar_time": return .firstBarTime(try session(), symbolName: try text(1), try firstBarTime())
        default: return nil
        }
    }

    private func completion() throws(MessageFault) -> SeriesCompletion {
        let details = parameter(4)
        return SeriesCompletion(
            updateMode: UpdateMode(try text(2)),
            dataCompleted: details["data_completed"]?.string.map(SeriesCompletion.DataCompleted.init),
            realTimeUpdatePeriod: details["rt_update_period"]?.double,
            serverTime: serverTime
        )
    }

    private func firstBarTime() throws(MessageFault) -> Timestamp {
        guard let seconds = parameter(2).double, let time = Timestamp(wireSeconds: seconds) else {
            throw MessageFault("parameter 3 of \(method) is not a time in seconds")
        }
        return time
    }

    private func update() throws(MessageFault) -> ChartUpdate {
        let session = try session()
        var blocks: [ChartBlock] = []
        for (id, block) in try object(1).sorted(by: { $0.key < $1.key }) { blocks.append(try ChartBlock(id, block)) }
        let scale = parameters.dropFirst(2).first { $0.object != nil }?.object
        return ChartUpdate(
            session: session,
            blocks: blocks,
            scale: scale.map(TimeScale.init),
            serverTime: serverTime
        )
    }
}

extension SeriesCompletion.DataCompleted {
    fileprivate init(_ word: String) {
        self =
            switch word {
            case "limit": .limit
            case "end": .end
            default: .other(word)
            }
    }
}

extension TimeScale {
    fileprivate init(_ object: [String: JSONValue]) {
        self.init(
            index: object["index"]?.integer,
            zeroOffset: object["zoffset"]?.integer,
            changes: object["changes"]?.array?.count ?? 0
        )
    }
}

extension ChartBlock {
    fileprivate init(_ id: String, _ value: JSONValue) throws(MessageFault) {
        guard let object = value.object else { throw MessageFault("the block '\(id)' is not an object") }
        var bars: [SeriesBar] = []
        if let rows = object["s"] {
            guard let rows = rows.array else { throw MessageFault("the bars of '\(id)' are not a list") }
            for row in rows { bars.append(try SeriesBar(row)) }
        }
        self.init(
            id: id,
            kind: object["s"] != nil
                ? .series : object["st"] != nil ? .study : object["plots"] != nil ? .drawing : .other,
            turnaround: object["t"]?.string,
            bars: bars,
            barCloseTime: object["lbs"]?["bar_close_time"]?.double.flatMap(Timestamp.init(wireSeconds:)),
            study: object["s"] == nil && object["st"] != nil ? StudyData(block: object) : nil
        )
    }
}
