/// What is wanted of a Pod (v1) as the API server describes it.
struct PodObject: Decodable {
  struct Metadata: Decodable {
    var name: String
    var namespace: String
    var uid: String?
    var labels: [String: String]?
  }

  struct Container: Decodable {
    var name: String
    var image: String?
    var restartPolicy: String?
  }

  struct Spec: Decodable {
    var containers: [Container]
    var initContainers: [Container]?
  }

  struct State: Decodable {
    struct Terminated: Decodable {}
    struct Waiting: Decodable {}
    var waiting: Waiting?
    var terminated: Terminated?
  }

  struct ContainerStatus: Decodable {
    var name: String
    var restartCount: Int?
    var state: State?
    var lastState: State?
  }

  struct Status: Decodable {
    var phase: String?
    var containerStatuses: [ContainerStatus]?
    var initContainerStatuses: [ContainerStatus]?
  }

  var metadata: Metadata
  var spec: Spec
  var status: Status?
}
