using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>One way to take the replica away. Returns when it could serve again.</summary>
internal sealed record Fault(string Name, Func<ChaosServers, Random, CancellationToken, Task> InjectAsync);
