import Foundation

/// Continuous interest.
enum Growth {
    /// What one becomes at a rate over so many years: e^(rate years).
    static func factor(rate: Double, years: Double) -> Double { exp(rate * years) }
}
