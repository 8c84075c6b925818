import JSON
import MarketData

/// How many of a chain's calls and puts did what since the previous session's close.
struct BuildUpCount {
    private var counts: [OptionType: [BuildUp: Int]] = [:]

    /// Counts those of which it is known.
    init(_ snapshot: OpenInterestSnapshot) {
        for row in snapshot.strikes {
            for type in OptionType.allCases {
                guard let buildUp = row[type]?.buildUp.value else { continue }
                counts[type, default: [:]][buildUp, default: 0] += 1
            }
        }
    }

    /// Whether it is known of none.
    var isEmpty: Bool { counts.isEmpty }

    /// Writes `{calls:{long_build_up,...},puts:{...}}`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        for type in OptionType.allCases {
            switch type {
            case .call: json.key("calls")
            case .put: json.key("puts")
            }
            json.beginObject()
            for buildUp in BuildUp.allCases {
                json.key(buildUp.rawValue)
                json.integer(counts[type]?[buildUp] ?? 0)
            }
            json.endObject()
        }
        json.endObject()
    }
}
