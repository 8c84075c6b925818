import Testing

@testable import TradingViewProtocol
