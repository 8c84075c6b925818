import Logging
import MarketData
import MarketHub
import NIOCore

/// Subscribes viewers to topics, whatever carries their messages.
final class LiveStreams: Sendable {
    let hub: MarketHub
    let limits: MarketServerConfiguration.Limits
    let broadcasters: Broadcasters
    private let topics: LiveTopics

    init(hub: MarketHub, limits: MarketServerConfiguration.Limits, counters: StreamCounters, logger: Logger) {
        let topics = LiveTopics(hub: hub, openInterestInterval: limits.openInterestInterval)
        self.hub = hub
        self.limits = limits
        self.topics = topics
        broadcasters = Broadcasters { eventLoop in
            let fanout = Fanout(counters: counters) { hub.sources.map(\.status) }
            return Broadcaster(on: eventLoop, fanout, topics, limits: limits) { count in
                logger.info("closing streams whose clients read too slowly", metadata: ["clients": "\(count)"])
            }
        }
    }

    /// Adds a subscription; on the viewer's event loop. Its snapshot follows.
    func subscribe(
        _ viewer: Viewer, id: String, to request: StreamRequest, _ broadcaster: Broadcaster, _ fanout: Fanout
    ) {
        let kind: StreamSubscription.Kind = if case .quotes = request { .quotes } else { .series }
        let subscription = StreamSubscription(kind, id: id, viewer: viewer)
        do throws(MarketDataError) {
            let joined = try join(request, broadcaster)
            fanout.attach(subscription, to: joined.map(\.followed))
            let bound = NIOLoopBound(subscription, eventLoop: broadcaster.eventLoop)
            subscription.task = Task { [hub, limits] in
                var opening = StreamSubscription.Opening.series([], through: 0)
                if case .quotes(let list) = request {
                    opening = .quotes(list, await hub.quotes(of: list.symbols, within: limits.snapshotTime))
                } else if let topic = joined.first?.topic {
                    guard let known = try? await topic.opening(sources: { hub.sources.map(\.status) }) else { return }
                    opening = known
                }
                guard !Task.isCancelled else { return }
                try? await broadcaster.run { [opening] fanout in fanout.start(bound.value, opening) }
            }
        } catch {
            fanout.attach(subscription, to: [])
            fanout.finish(subscription, error)
        }
    }

    /// Adds a subscription to ticks of some quotes, under the client's own names; on the viewer's event loop.
    func subscribe(
        _ viewer: Viewer, toTicksOf names: [Symbol: String], _ broadcaster: Broadcaster, _ fanout: Fanout
    ) {
        do throws(MarketDataError) {
            var joined: [FollowedTopic] = []
            for symbol in names.keys { joined.append(try topics.join(.quotes(symbol), broadcaster).followed) }
            var namesByTopic: [Int: String] = [:]
            for topic in joined { namesByTopic[topic.id] = topic.symbol.flatMap { names[$0] } }
            let subscription = StreamSubscription(.ticks(names: namesByTopic), id: "", viewer: viewer)
            fanout.attach(subscription, to: joined)
            fanout.startTicks(subscription)
            broadcaster.startTicks()
        } catch {
            fanout.send(message: StreamMessage.error(error), to: viewer)
        }
    }

    private func join(
        _ request: StreamRequest, _ broadcaster: Broadcaster
    ) throws(MarketDataError) -> [(topic: LiveTopic, followed: FollowedTopic)] {
        switch request {
        case .quotes(let list):
            if let failure = list.failure { throw failure }
            var joined: [(topic: LiveTopic, followed: FollowedTopic)] = []
            for symbol in list.symbols { joined.append(try topics.join(.quotes(symbol), broadcaster)) }
            return joined
        case .bars(let request): return [try topics.join(.bars(request), broadcaster)]
        case .openInterest(let request): return [try topics.join(.openInterest(request), broadcaster)]
        }
    }
}
