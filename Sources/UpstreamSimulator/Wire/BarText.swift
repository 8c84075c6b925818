import MarketData

/// How bars are written: `{"i":0,"v":[1685633880.0,306.0,307.49,304.3,305.93,28229375.0]}`.
struct BarText: Equatable, Sendable {
    /// Where the volume would stand.
    enum Volume: Sendable {
        case written, leftOut, null
    }

    var volume = Volume.written
    var exponents = false

    func append(_ bar: Bar, index: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"i\":\(index),\"v\":[".utf8)
        let figures = [Double(bar.time.milliseconds) / 1000, bar.open, bar.high, bar.low, bar.close]
        for (place, figure) in figures.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            append(figure, to: &bytes)
        }
        switch volume {
        case .leftOut: break
        case .null: bytes.append(contentsOf: ",null".utf8)
        case .written:
            if let volume = bar.volume {
                bytes.append(UInt8(ascii: ","))
                append(volume, to: &bytes)
                if let openInterest = bar.openInterest {
                    bytes.append(UInt8(ascii: ","))
                    append(openInterest, to: &bytes)
                }
            }
        }
        bytes.append(contentsOf: "]}".utf8)
    }

    private func append(_ figure: Double, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (exponents ? BarText.withExponent(figure) : figure.description).utf8)
    }

    /// The same number as `d.ddde+NN`, as strictly as the shortest text: it reads back the same.
    static func withExponent(_ figure: Double) -> String {
        let text = figure.description
        guard !text.contains("e"), figure != 0 else { return text }
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts[0]
        let fraction = parts.count > 1 && parts[1] != "0" ? parts[1] : ""
        let digits = (whole + fraction).drop { $0 == "0" }
        let leadingZeros = whole.utf8.count + fraction.utf8.count - digits.utf8.count
        let exponent = whole.utf8.count - 1 - leadingZeros
        let rest = digits.dropFirst()
        let sign = isNegative ? "-" : ""
        let mantissa = "\(sign)\(digits.prefix(1)).\(rest.isEmpty ? "0" : rest)"
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent) < 10 ? "0" : "")\(abs(exponent))"
    }
}
