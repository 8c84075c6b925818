/// Objects of UDF and of the legacy API, which charting pages read.
extension APISchemas {
    static let udf: [Schema] = [
        .init(
            "UDFError",
            ["s! error Always error.", "errmsg! string Text for people.", "code! ErrorCode Error code."]
        ),
        .init(
            "UDFConfig",
            [
                "supported_resolutions! [string] Resolutions.", "supports_search! boolean Always true.",
                "supports_group_request! boolean Always false.", "supports_marks! boolean Always true.",
                "supports_timescale_marks! boolean Always true.", "supports_time! boolean Always true.",
                "exchanges! [UDFExchange] Exchanges to choose from.",
                "symbols_types! [UDFSymbolType] Types to choose from.",
            ]
        ),
        .init("UDFExchange", ["value! string Exchange.", "name! string Short name.", "desc! string Name."]),
        .init("UDFSymbolType", ["name! string Name.", "value! string Type."]),
        .init(
            "UDFSymbol",
            [
                "name! string Ticker.", "ticker! string Symbol.", "full_name! string Symbol.",
                "description! string Name.",
                "type! string Type.", "exchange! string Exchange.", "listed_exchange! string Exchange.",
                "timezone! string Time zone of the exchange.",
                "session! string Trading hours, as the library writes them.",
                "currency_code! string? Currency.", "minmov! integer Smallest price step, in units of 1/pricescale.",
                "pricescale! integer Denominator of prices.", "has_intraday! boolean Always true.",
                "intraday_multipliers! [string] Resolutions in minutes.",
                "has_seconds! boolean Whether the account may have bars of seconds.",
                "seconds_multipliers [string] Resolutions in seconds; absent without has_seconds.",
                "has_daily! boolean Always true.",
                "has_weekly_and_monthly! boolean Always true.",
                "visible_plots_set! ohlc|ohlcv Whether the instrument has volume.",
                "supported_resolutions! [string] Resolutions.", "format! string Always price.",
                "data_status! streaming|delayed_streaming|endofday How fresh the data are.",
                "delay! integer Delay in seconds; -1 for the end of the day.",
                "session_holidays string Holidays as YYYYMMDD, separated by commas.",
                "corrections string Hours of special sessions, such as 1345-1445:20251021, separated by semicolons.",
            ], provenance
        ),
        .init(
            "UDFInstrument",
            [
                "symbol! string Ticker.", "full_name! string Symbol.", "ticker! string Symbol.",
                "description! string Name.",
                "exchange! string Exchange.", "type! string Type.",
            ]
        ),
        .init(
            "UDFHistory",
            [
                "s! ok|no_data Whether there are bars.", "t [integer] Times, UTC seconds.", "o [number] Open prices.",
                "h [number] High prices.", "l [number] Low prices.", "c [number] Close prices.",
                "v [number?] Volumes, where the instrument has any.",
                "nextTime integer Newest bar before an empty range, UTC seconds.",
            ], optional(provenance)
        ),
        .init("UDFQuotes", ["s! ok Always ok.", "d! [UDFQuote] Quotes."]),
        .init(
            "UDFQuote",
            [
                "s! ok|error Whether there is a quote.", "n! string Symbol.", "errmsg string Why there is none.",
                "v! UDFQuoteValues Values; empty where there is no quote.",
            ]
        ),
        .init(
            "UDFQuoteValues",
            [
                "short_name string Ticker.", "exchange string Exchange.", "original_name string Symbol.",
                "description string Name.", "lp number? Last price.", "ch number? Change.",
                "chp number? Change in percent.",
                "bid number? Best bid.", "ask number? Best ask.", "open_price number? Open price of the session.",
                "high_price number? High of the session.", "low_price number? Low of the session.",
                "prev_close_price number? Close of the previous session.", "volume number? Volume of the session.",
            ], optional(provenance)
        ),
        .init(
            "UDFMarks",
            [
                "id! [string] Names.", "color! [string] Colours.", "text! [string] Texts.", "label! [string] Letters.",
                "labelFontColor! [string] Colours of the letters.", "time! [integer] Times, UTC seconds.",
                "minSize! [integer] Sizes.",
            ]
        ),
        .init(
            "UDFTimescaleMark",
            [
                "id! string Name.", "color! string Colour.", "label! string Letter.",
                "time! integer Time, UTC seconds.",
                "tooltip! [string] Text.",
            ]
        ),
    ]

    private static let legacyProvenance = [
        "source! string Source.", "mode! string Mode.", "as_of! string ISO 8601, UTC.",
    ]

    static let legacy: [Schema] = [
        .init("LegacyGreeting", ["message! string A greeting."]), .init("LegacyNothing", []),
        .init("LegacyAccount", ["positions! [LegacyNothing] Always empty."]),
        .init(
            "LegacyCandles",
            [
                "symbol! string Symbol as requested.", "interval! string Interval as requested.",
                "candles! [LegacyCandle] Bars, oldest first.",
                "complete! boolean Whether all requested bars are there.",
                "reason string Why there are fewer.",
            ], legacyProvenance
        ),
        .init(
            "LegacyCandle",
            [
                "time! integer Opening time, UTC seconds.", "open! number Open price.", "high! number High price.",
                "low! number Low price.", "close! number Close price.", "volume! number? Volume.",
                "final! boolean False while the bar is still forming.",
            ]
        ),
        .init(
            "LegacyOpenInterest",
            [
                "symbol! string Symbol as requested.", "pcr! number? Put-call ratio, rounded to two decimals.",
                "pcr_reason string Why it is null.", "strikes! [LegacyStrike] The 21 strikes around the money, sorted.",
                "atm_index! integer? Index of the strike at the money.", "spot! number? Price of the underlying.",
                "expiry! string Expiry date.", "unit! string Unit of open interest.",
                "timestamp! string Time of the numbers: ISO 8601, UTC.",
            ], legacyProvenance
        ),
        .init(
            "LegacyStrike",
            [
                "strike! number Strike price.", "ce_oi! number? Open interest of the call.",
                "pe_oi! number? Open interest of the put.", "ce_change! number? Its change, of the call.",
                "pe_change! number? Its change, of the put.", "ce_ltp! number? Last price of the call.",
                "pe_ltp! number? Last price of the put.",
            ]
        ),
    ]
}
