import Foundation
import MarketData

/// How `fno/buildup-5` and `-15` are written: one row an interval of the day, the newest first.
struct BuildUpText {
    /// The values of the contract at the end of an interval.
    struct Row: Equatable {
        let from: ClockTime
        let to: ClockTime
        var close: Double?
        var low: Double?
        var high: Double?
        /// In shares.
        var openInterest: Double
        /// In shares, of the interval alone.
        var volume: Double
    }

    /// Ascending.
    let rows: [Row]

    var body: JSONText {
        .object([
            ("tableHeaders", .list(["Interval", "Build Up", "Price Range", "OI Change %", "Volume Change %"])),
            ("tableData", .list(lines.map(\.list))), ("data_v2", .list(lines.map(\.object))),
        ])
    }

    /// One row beside the one before it.
    private struct Line {
        let row: Row
        let before: Row?

        private var interval: JSONText { .string("\(row.from) TO \(row.to)") }

        private var buildUp: JSONText {
            guard let before else { return .null }
            let price = row.close.flatMap { now in before.close.map { now - $0 } }
            let change = row.openInterest - before.openInterest
            guard case .known(let read) = BuildUp.of(priceChange: price, openInterestChange: change) else {
                return .null
            }
            return BuildUpText.words(read)
        }

        private func percent(_ value: (Row) -> Double) -> JSONText {
            guard let before, value(before) != 0 else { return .null }
            let change = 100 * (value(row) - value(before)) / value(before)
            return .float((change * 100).rounded() / 100)
        }

        var list: JSONText {
            let range: JSONText =
                if let low = row.low, let high = row.high { .string("\(low.shortest) - \(high.shortest)") } else {
                    .null
                }
            return .list([interval, buildUp, range, percent(\.openInterest), percent(\.volume)])
        }

        var object: JSONText {
            .object([
                ("interval", interval), ("buildup", buildUp), ("close_price", row.close.map { .float($0) } ?? .null),
                ("oi", .float(row.openInterest)), ("oi_change", percent(\.openInterest)),
                ("oi_change_gross", before.map { .float(row.openInterest - $0.openInterest) } ?? .null),
                ("volume_change", percent(\.volume)), ("volume_gross", .float(row.volume)),
            ])
        }
    }

    /// As the site says it.
    static func words(_ read: BuildUp) -> JSONText {
        switch read {
        case .longBuildUp: "Long Build Up"
        case .shortBuildUp: "Short Build Up"
        case .longUnwinding: "Long Unwinding"
        case .shortCovering: "Short Covering"
        case .neutral: .null
        }
    }

    private var lines: [Line] {
        rows.indices.reversed().map { Line(row: rows[$0], before: $0 > 0 ? rows[$0 - 1] : nil) }
    }
}

/// Continuous interest.
enum Growth {
    /// The growth of 1 at a rate over a number of years: e^(rate years).
    static func factor(rate: Double, years: Double) -> Double { exp(rate * years) }
}
