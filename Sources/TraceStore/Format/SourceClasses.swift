internal import AccessLog

/// Puts together what was told about sources: a function of the set, whatever its order.
///
/// What has one pod's name and does not contradict is one source; contradicting are other parts of the name, and other
/// addresses where mesh cluster or namespace are not told. What fits two that contradict each other is neither's, unless an
/// address decides. Lines that name nobody are a source for each address, and a named one's where only that has it.
struct SourceClasses {
  /// What was told alike, and may be a part of a source.
  private struct Unit {
    var members: [Int]
    var origin: Origin<String>
    var addresses: Set<String>
    /// Its file's, where no pod is known and the file is one pod's.
    var file = ""
    /// Mesh cluster and namespace are told, so that nothing else has the name.
    var isWhole = false
  }

  private let told: [ToldSource]
  private let pods: KnownPods
  private(set) var classes: [SourceClass] = []

  /// Parts of one name, or of one address, that are compared with each other at most; beyond it only equal ones are joined.
  private static let mostUnits = 64

  /// `pods`: what Kubernetes tells, which names what nobody's words do.
  init(_ told: [ToldSource], _ pods: [KnownPod] = []) {
    self.told = told
    self.pods = KnownPods(pods)
    addNamed()
    addUnnamed()
    if !pods.isEmpty {
      for place in classes.indices { classes[place] = completed(classes[place]) }
    }
    classes.sort { ($0.members.first ?? 0) < ($1.members.first ?? 0) }
  }
}

extension SourceClasses {
  private mutating func addNamed() {
    let byPod = Dictionary(grouping: told.indices.filter { !told[$0].origin.pod.isEmpty }) {
      told[$0].origin.pod
    }
    for (_, places) in byPod {
      let units = Dictionary(grouping: places) { told[$0].origin }.values.flatMap(namedUnits)
      var all = SourceClasses.joined(units, SourceClasses.fits).map { named($0.map { units[$0] }) }
      markTwins(&all)
      classes += all
    }
  }

  /// What is told by the same words; by address where these words may be those of two pods.
  private func namedUnits(_ members: [Int]) -> [Unit] {
    guard let first = members.first.map({ told[$0] }) else { return [] }
    let isWhole = !first.origin.meshCluster.isEmpty && !first.origin.namespace.isEmpty
    let addresses = Set(members.map { told[$0].address }).subtracting([""])
    func unit(_ members: [Int]) -> Unit {
      Unit(
        members: members, origin: first.origin,
        addresses: Set(members.map { told[$0].address }).subtracting([""]), isWhole: isWhole)
    }
    if isWhole || SourceClasses.areOfOnePod(addresses) { return [unit(members)] }
    let used = members.filter { !told[$0].address.isEmpty || told[$0].first != nil }
    return Dictionary(grouping: used) { told[$0].address }.values.map(unit)
  }

  /// A pod has one address of each family.
  private static func areOfOnePod(_ addresses: Set<String>) -> Bool {
    let ipv6 = addresses.count { $0.contains(":") }
    return ipv6 <= 1 && addresses.count - ipv6 <= 1
  }

  private static func fits(_ one: Unit, _ other: Unit) -> Bool {
    if one.origin.contradicts(other.origin) { return false }
    if !one.file.isEmpty, !other.file.isEmpty, one.file != other.file { return false }
    if one.isWhole && other.isWhole { return true }
    return !one.addresses.isDisjoint(with: other.addresses)
      || areOfOnePod(one.addresses.union(other.addresses))
  }

  private func named(_ units: [Unit]) -> SourceClass {
    var one = merged(units)
    let names = Set(one.members.map { told[$0].name })
    let unrotated = Set(names.map(LogFileName.unrotated))
    let whole = one.origin.logName
    one.name =
      names.count == 1 ? names.first ?? whole : unrotated.count == 1 ? unrotated.first ?? whole : whole
    return one
  }

  private func merged(_ units: [Unit]) -> SourceClass {
    var one = SourceClass(members: units.flatMap(\.members).sorted())
    func known(_ name: (Origin<String>) -> String) -> String {
      one.members.map { name(told[$0].origin) }.filter { !$0.isEmpty }.min() ?? ""
    }
    one.origin = Origin(
      meshCluster: known(\.meshCluster), namespace: known(\.namespace), pod: known(\.pod),
      container: known(\.container))
    one.addresses = units.reduce(into: []) { $0.formUnion($1.addresses) }
    return one
  }

  private func markTwins(_ all: inout [SourceClass]) {
    guard all.count > 1 else { return }
    let counts = Dictionary(grouping: all.indices) { all[$0].origin }
    for twins in counts.values where twins.count > 1 {
      for place in twins {
        guard let address = all[place].addresses.min() else { continue }
        all[place].address = address
        all[place].name += "@" + address
      }
    }
  }
}

extension SourceClasses {
  private mutating func addUnnamed() {
    let places = told.indices.filter { told[$0].origin.pod.isEmpty }
    let logs = Dictionary(grouping: places) { place in
      told[place].origin.names + [LogFileName.unrotated(told[place].name)]
    }
    var byAddress: [String: [Unit]] = [:]
    for log in logs.values {
      for unit in unnamedUnits(log) {
        if let address = unit.addresses.min() {
          byAddress[address, default: []].append(unit)
        } else {
          classes.append(unnamed([unit]))
        }
      }
    }
    var owners: [String: [Int]] = [:]
    for (place, one) in classes.enumerated() where !one.origin.pod.isEmpty {
      for address in one.addresses { owners[address, default: []].append(place) }
    }
    for address in byAddress.keys.sorted() {
      var rest: [Unit] = []
      for unit in byAddress[address] ?? [] {
        let fitting = (owners[address] ?? []).filter { !unit.origin.contradicts(classes[$0].origin) }
        if fitting.count == 1, let owner = fitting.first {
          take(unit, into: owner)
        } else {
          rest.append(unit)
        }
      }
      for units in SourceClasses.joined(rest, SourceClasses.fits).map({ $0.map { rest[$0] } }) {
        add(unnamed(units), at: address)
      }
    }
  }

  /// Lines of an address that nobody's words name: Kubernetes may.
  private mutating func add(_ one: SourceClass, at address: String) {
    let first = one.members.compactMap { told[$0].first }.min()
    guard let first, let pod = pods.pod(at: address, like: one, first: first) else {
      classes.append(one)
      return
    }
    var named = one
    (named.meshCluster, named.namespace, named.pod) = (pod.meshCluster, pod.namespace, pod.name)
    if named.meshCluster.isEmpty { named.meshCluster = one.meshCluster }
    let isOnlyAddressed = one.name == address
    let parts = [named.meshCluster, named.namespace, named.pod, named.container]
    if isOnlyAddressed { named.name = parts.map { $0.isEmpty ? "-" : $0 }.joined(separator: ".") + ".log" }
    classes.append(named)
  }

  /// What Kubernetes knows of a named pod beside its name.
  private func completed(_ source: SourceClass) -> SourceClass {
    guard !source.pod.isEmpty, let pod = pods.pod(named: source) else { return source }
    var one = source
    if one.namespace.isEmpty { one.namespace = pod.namespace }
    if one.meshCluster.isEmpty { one.meshCluster = pod.meshCluster }
    one.workload = pod.workload
    return one
  }

  /// The parts of one log whose pods nobody names. A file of one address is that pod's; else each address is a pod's.
  private func unnamedUnits(_ members: [Int]) -> [Unit] {
    guard let first = members.first.map({ told[$0] }) else { return [] }
    let withHops = members.filter { told[$0].first != nil }
    let addresses = Set(withHops.map { told[$0].address }).subtracting([""])
    func unit(_ members: [Int], _ addresses: Set<String>, file: String = "") -> Unit {
      Unit(
        members: members, origin: first.origin, addresses: addresses, file: file)
    }
    if SourceClasses.areOfOnePod(addresses) {
      let file = first.isStream ? "" : LogFileName.unrotated(first.name)
      let used = first.isStream ? withHops : members
      return used.isEmpty ? [] : [unit(used, addresses, file: file)]
    }
    return Dictionary(grouping: withHops) { told[$0].address }.map { address, members in
      unit(members, address.isEmpty ? [] : [address])
    }
  }

  /// A named source's lines that were fed without names, too.
  private mutating func take(_ unit: Unit, into owner: Int) {
    classes[owner].members = (classes[owner].members + unit.members).sorted()
    classes[owner].origin.fill(from: unit.origin)
  }

  private func unnamed(_ units: [Unit]) -> SourceClass {
    var one = merged(units)
    let files = Set(units.map(\.file)).subtracting([""])
    let raw = Set(one.members.lazy.filter { !told[$0].isStream }.map { told[$0].name })
    if let file = files.min() {
      one.name = raw.count == 1 ? raw.first ?? file : file
    } else {
      one.name = one.addresses.min() ?? one.members.first.map { LogFileName.unrotated(told[$0].name) } ?? ""
    }
    return one
  }
}

extension SourceClasses {
  /// Puts units together that fit: a unit that fits two which do not fit each other stays alone, unless those that share an
  /// address with it do.
  private static func joined(_ units: [Unit], _ fits: (Unit, Unit) -> Bool) -> [[Int]] {
    guard units.count > 1, units.count <= mostUnits else { return units.indices.map { [$0] } }
    var neighbours = units.indices.map { one in
      units.indices.filter { $0 != one && fits(units[one], units[$0]) }
    }
    for one in units.indices {
      let sharing = neighbours[one].filter { !units[$0].addresses.isDisjoint(with: units[one].addresses) }
      if areAlike(neighbours[one], units, fits) { continue }
      // Of a whole name all addresses are one pod's: it came again with another one.
      neighbours[one] = units[one].isWhole || areAlike(sharing, units, fits) ? sharing : []
    }
    // Only where both sides agree.
    var group = Array(units.indices)
    func root(_ place: Int) -> Int { group[place] == place ? place : root(group[place]) }
    for one in units.indices {
      for other in neighbours[one] where other > one && neighbours[other].contains(one) {
        let (first, second) = (root(one), root(other))
        group[max(first, second)] = min(first, second)
      }
    }
    return Array(Dictionary(grouping: units.indices, by: root).values)
  }

  private static func areAlike(_ places: [Int], _ units: [Unit], _ fits: (Unit, Unit) -> Bool) -> Bool {
    places.allSatisfy { one in places.allSatisfy { $0 == one || fits(units[one], units[$0]) } }
  }
}
