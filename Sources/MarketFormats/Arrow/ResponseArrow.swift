import Foundation
import JSON
public import MarketData

extension MarketResponse {
    /// The rows by column; their provenance is in the metadata.
    public var arrow: ArrowTable { ArrowTable(columns: arrowColumns, metadata: arrowMetadata(heading: nil)) }

    /// The columns of the rows, typed by their cells.
    fileprivate var arrowColumns: [ArrowColumn] {
        var cells: [[Cell]] = columns.map { _ in [] }
        rows { row in
            for (index, cell) in row.enumerated() { cells[index].append(cell) }
        }
        let zone = timeZone?.identifier ?? "UTC"
        return zip(columns, cells).map { ArrowColumn($0, $1, zone: zone) }
    }

    /// The plain fields of the provenance, and under `bhav` the JSON response without its rows.
    fileprivate func arrowMetadata(heading: ((inout JSONWriter) -> Void)?) -> [(key: String, value: String)] {
        var metadata: [(key: String, value: String)] = []
        if let origin = rowProvenance {
            metadata.append(("source", origin.source.rawValue))
            metadata.append(("mode", origin.mode.rawValue))
            if let feed = origin.feed { metadata.append(("feed", feed)) }
            if let delay = origin.delaySeconds { metadata.append(("delaySeconds", String(delay))) }
            metadata.append(("asOf", origin.asOf.description))
        }
        if let heading {
            var json = JSONWriter()
            heading(&json)
            metadata.append(("bhav", String(decoding: json.bytes, as: UTF8.self)))
        }
        return metadata
    }
}

extension ArrowColumn {
    /// A column of cells, all of one kind. Where there are none, a column of text or time is known by its name.
    init(_ name: String, _ cells: [Cell], zone: String) {
        switch cells.first ?? ArrowColumn.empty(name) {
        case .text: self = .texts(name, cells.lazy.map { if case .text(let text) = $0 { text } else { nil } })
        case .integer:
            self = .integers(name, cells.lazy.map { if case .integer(let value) = $0 { value } else { nil } })
        case .bool: self = .flags(name, cells.lazy.map { if case .bool(let value) = $0 { value } else { false } })
        case .time:
            self = .times(name, zone: zone, cells.lazy.map { if case .time(let time) = $0 { time } else { nil } })
        case .number: self = .numbers(name, cells.lazy.map { if case .number(let value) = $0 { value } else { nil } })
        }
    }

    private static let textNames: Set<String> = [
        "symbol", "description", "type", "exchange", "currency", "country", "expiry", "unit", "source", "feed", "mode",
        "asOf", "session", "state", "reason", "note", "buildUp", "callBuildUp", "putBuildUp", "callReason", "putReason",
        "model",
    ]

    private static func empty(_ name: String) -> Cell {
        switch name {
        case "time", "lastTime", "from", "to": .time(.none)
        case "final": .bool(false)
        default: textNames.contains(name) ? .text(nil) : .number(nil)
        }
    }
}

extension BarSeries {
    public var arrow: ArrowTable {
        let currency = request.currency ?? instrument?.currency
        let zone = timeZone?.identifier ?? "UTC"
        func prices(_ name: String, _ price: (Bar) -> Double) -> ArrowColumn {
            .numbers(name, unit: currency, isNullable: false, bars.map(price))
        }
        var columns: [ArrowColumn] = [
            .times("time", zone: zone, isNullable: false, bars.lazy.map(\.time)), prices("open") { $0.open },
            prices("high") { $0.high }, prices("low") { $0.low }, prices("close") { $0.close },
            .numbers("volume", bars.lazy.map(\.volume)), .flags("final", bars.lazy.map(\.isFinal)),
        ]
        if self.columns.contains(BarSeries.openInterestColumn) {
            columns.append(.numbers(BarSeries.openInterestColumn, unit: "contracts", bars.lazy.map(\.openInterest)))
        }
        if request.interval.unit == .day {
            columns.append(.days("tradingDay", bars.map { instrument?.tradingDay(ofBarOpeningAt: $0.time) }))
        }
        var heading = self
        heading.bars = []
        return ArrowTable(columns: columns, metadata: arrowMetadata { heading.write(to: &$0) })
    }
}

extension OpenInterestSnapshot {
    public var arrow: ArrowTable {
        ArrowTable(columns: arrowColumns, metadata: arrowMetadata { writeHeading(to: &$0) } + [("unit", unit.rawValue)])
    }
}
