import Testing

@testable import TradingView
