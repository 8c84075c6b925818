import Foundation
import MarketData

/// What `bhav watch` shows at one moment.
struct WatchScreen: Sendable {
    /// The most strikes on either side of the money.
    private static let around = 5

    let symbols: [Symbol]
    var quotes: [Symbol: Quote] = [:]
    /// Why an instrument has no quote.
    var refusals: [Symbol: String] = [:]
    /// The chain of the first symbol.
    var chain: OptionChain?
    /// Why there is no chain, or none that is newer.
    var chainFault: String?
    /// What the sources say of themselves, where something is wrong.
    var status: String?

    init(symbols: [Symbol]) { self.symbols = symbols }

    /// The screen, without what moves the cursor.
    func text(width: Int) -> String {
        var lines = symbols.map(line)
        if let status { lines.append(status) }
        if let chain {
            lines += [""] + summary(chain.snapshot)
            lines.append(OptionTable(chain.snapshot).text(rows(chain.snapshot), width: width, withRemarks: false))
        }
        if let chainFault { lines.append("options: \(chainFault)") }
        let fitting = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            .map { String($0).printable.prefix(width) }
        return fitting.joined(separator: "\n") + "\n"
    }

    private func line(_ symbol: Symbol) -> String {
        let name = symbol.description.padded(to: 16)
        guard let quote = quotes[symbol] else { return "\(name)\(refusals[symbol] ?? "waiting for a quote")" }
        let zone = ExchangeZone.zone(of: symbol.exchange)
        let grouping = NumberGrouping(of: zone)
        func signed(_ value: Double?) -> String {
            value.map { ($0 > 0 ? "+" : "") + grouping.text($0.rounded(to: 2)) } ?? "-"
        }
        let last = (quote.last.map(grouping.text) ?? "-").padded(to: 11)
        let change = "\(signed(quote.change)) (\(signed(quote.changePercent)) %)".padded(to: 19)
        let time = quote.lastTime.map { "\(TableTimes(zone: zone).clock($0)) \(TableTimes(zone: zone).label)" } ?? "-"
        return "\(name)\(last)\(change)\(time)  \(quote.provenance.briefWords)"
    }

    private func summary(_ snapshot: OpenInterestSnapshot) -> [String] {
        let zone = ExchangeZone.zone(of: snapshot.symbol.exchange)
        let grouping = NumberGrouping(of: zone)
        var facts = [
            "PCR \(ratio(snapshot, .openInterest))", "by change \(ratio(snapshot, .change))",
        ]
        if let pain = snapshot.maxPainFigure.value { facts.append("max pain \(pain.price.rounded(to: 2))") }
        if let strike = snapshot.atTheMoney, let row = snapshot.strikes.first(where: { $0.strike == strike }),
            let call = row.call?.last, let put = row.put?.last
        {
            facts.append("straddle \(strike) at \(grouping.text((call + put).rounded(to: 2)))")
        }
        let times = TableTimes(zone: zone)
        return [
            "\(snapshot.symbol) \(snapshot.expiry), \(snapshot.unit.rawValue), as of "
                + "\(times.clock(snapshot.provenance.asOf)) \(times.label), \(snapshot.provenance.briefWords)",
            facts.joined(separator: "   "),
        ]
    }

    private func ratio(_ snapshot: OpenInterestSnapshot, _ basis: PutCallRatio.Basis) -> String {
        snapshot.putCallRatio(by: basis).figure.value?.rounded(to: 2) ?? "-"
    }

    private func rows(_ snapshot: OpenInterestSnapshot) -> Range<Int> {
        let all = snapshot.strikes.indices
        let money = snapshot.atTheMoney.flatMap { strike in snapshot.strikes.firstIndex { $0.strike == strike } }
        let center = money ?? all.count / 2
        return max(0, center - WatchScreen.around)..<min(all.count, center + WatchScreen.around + 1)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
