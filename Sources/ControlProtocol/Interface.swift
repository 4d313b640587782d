/// The interfaces that the daemon serves, and the files that describe them.
public enum Interface: String, CaseIterable, Sendable {
    case control = "org.keepd.Control"
    case service = "org.varlink.service"

    /// The text of the interface's file, as `GetInterfaceDescription` answers it.
    public var description: String {
        switch self {
        case .control: String(decoding: PackageResources.org_keepd_Control_varlink, as: UTF8.self)
        case .service: String(decoding: PackageResources.org_varlink_service_varlink, as: UTF8.self)
        }
    }
}
