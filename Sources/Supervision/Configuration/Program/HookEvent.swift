/// An event for which a program may have a hook: a state, or a change of its health.
public enum HookEvent: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    case stopped, waiting, starting, running, backoff, stopping, exited, fatal
    case ready, healthy, unhealthy
}
