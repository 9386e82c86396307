namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>Reads so many rows and tracks them.</summary>
internal sealed record TrackMany(int Rows) : IQuery<string>;
