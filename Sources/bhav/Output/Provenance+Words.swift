import MarketData

extension Provenance {
    /// Where numbers came from, in a line for people.
    var words: String {
        var words = "source \(source.rawValue)"
        if let feed { words += ", feed \(feed)" }
        switch mode {
        case .streaming: words += ", streaming"
        case .delayed: words += ", delayed" + (delaySeconds.map { " \($0) s" } ?? "")
        case .endOfDay: words += ", end of day"
        case .recorded: words += ", recorded"
        case .simulated: words += ", SIMULATED"
        }
        return words + ", as of \(asOf)"
    }

    /// The source and the mode.
    var briefWords: String { "\(source.rawValue) \(mode == .simulated ? "SIMULATED" : mode.rawValue)" }
}

extension BarSeries {
    /// Where the bars came from, in a line for people.
    var words: String {
        let built = builtFrom.map { "built from bars of \($0), " } ?? ""
        guard let rolls, let last = rolls.last else { return built + provenance.words }
        return built + provenance.words + ", \(rolls.count) rolls, the last at \(last.time)"
    }
}
