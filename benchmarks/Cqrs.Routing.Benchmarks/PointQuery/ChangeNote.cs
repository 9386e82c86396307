namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>Updates one row.</summary>
internal sealed record ChangeNote(int Id) : ICommand<Note>;
