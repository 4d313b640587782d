/// What tells apart requests of the same parameters, as ``Control/Start`` from ``Control/Stop``.
public protocol Verb: Sendable {
    static var method: Method { get }
}

/// The verbs; nobody ever makes one.
public enum Verbs {
    public enum Start: Verb {
        public static let method = Method.start
    }

    public enum Stop: Verb {
        public static let method = Method.stop
    }

    public enum Restart: Verb {
        public static let method = Method.restart
    }

    public enum Reload: Verb {
        public static let method = Method.reload
    }

    public enum Enable: Verb {
        public static let method = Method.enable
    }

    public enum Disable: Verb {
        public static let method = Method.disable
    }

    public enum ClearLog: Verb {
        public static let method = Method.clearLog
    }

    public enum RotateLogs: Verb {
        public static let method = Method.rotateLogs
    }

    public enum ReopenLogs: Verb {
        public static let method = Method.reopenLogs
    }

    public enum Reexec: Verb {
        public static let method = Method.reexec
    }

    public enum Shutdown: Verb {
        public static let method = Method.shutdown
    }
}
