/// One instance of a program, as `status` shows it.
public struct Program: Equatable, Sendable {
    public struct LogBytes: Codable, Equatable, Sendable {
        public var stdout: Int
        public var stderr: Int

        public init(stdout: Int, stderr: Int) {
            self.stdout = stdout
            self.stderr = stderr
        }
    }

    /// `web`, or `web:3` where the program has several instances.
    public var name: String
    public var program: String
    public var instance: Int
    public var groups: [String]
    public var state: State
    public var isReady: Bool
    /// `nil` where nothing checks its health.
    public var isHealthy: Bool?
    public var pid: Int?
    /// When it came into its state; RFC 3339, UTC, with milliseconds.
    public var since: String
    /// `nil` where no process lives; finite.
    public var uptimeSeconds: Double?
    /// How often it was started again because its policy said so.
    public var restarts: Int
    /// In a row.
    public var failures: Int
    public var lastExit: LastExit?
    /// RFC 3339, UTC, with milliseconds.
    public var nextAttempt: String?
    public var waitingFor: [String]
    public var statusText: String?
    public var memoryBytes: Int?
    /// Finite.
    public var cpuSeconds: Double?
    public var logBytes: LogBytes
    public var description: String?

    /// One that was never started; set what is different.
    public init(name: String, program: String, instance: Int, state: State, since: String) {
        self.name = name
        self.program = program
        self.instance = instance
        groups = []
        self.state = state
        isReady = false
        self.since = since
        restarts = 0
        failures = 0
        waitingFor = []
        logBytes = LogBytes(stdout: 0, stderr: 0)
    }
}

extension Program: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, program, instance, groups, state
        case isReady = "ready"
        case isHealthy = "healthy"
        case pid, since
        case uptimeSeconds = "uptime"
        case restarts, failures
        case lastExit = "last_exit"
        case nextAttempt = "next_attempt"
        case waitingFor = "waiting_for"
        case statusText = "status_text"
        case memoryBytes = "memory_bytes"
        case cpuSeconds = "cpu_seconds"
        case logBytes = "log_bytes"
        case description
    }

    /// Writes `null` for what is absent, so that every key is always there.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(program, forKey: .program)
        try fields.encode(instance, forKey: .instance)
        try fields.encode(groups, forKey: .groups)
        try fields.encode(state, forKey: .state)
        try fields.encode(isReady, forKey: .isReady)
        try fields.encode(isHealthy, forKey: .isHealthy)
        try fields.encode(pid, forKey: .pid)
        try fields.encode(since, forKey: .since)
        try fields.encode(uptimeSeconds.map(inMilliseconds), forKey: .uptimeSeconds)
        try fields.encode(restarts, forKey: .restarts)
        try fields.encode(failures, forKey: .failures)
        try fields.encode(lastExit, forKey: .lastExit)
        try fields.encode(nextAttempt, forKey: .nextAttempt)
        try fields.encode(waitingFor, forKey: .waitingFor)
        try fields.encode(statusText, forKey: .statusText)
        try fields.encode(memoryBytes, forKey: .memoryBytes)
        try fields.encode(cpuSeconds.map(inMilliseconds), forKey: .cpuSeconds)
        try fields.encode(logBytes, forKey: .logBytes)
        try fields.encode(description, forKey: .description)
    }
}

/// Seconds without the digits that nobody has measured.
private func inMilliseconds(_ seconds: Double) -> Double {
    (seconds * 1_000).rounded() / 1_000
}
