import Foundation

/// The standard normal distribution.
enum NormalDistribution {
    /// n(x) = e^(-x^2/2) / sqrt(2 pi).
    static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

    /// N(x) = erfc(-x / sqrt 2) / 2, which keeps its precision far below zero, where 1 + erf does not.
    static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}
