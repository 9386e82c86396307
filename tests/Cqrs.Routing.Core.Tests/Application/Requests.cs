namespace Cqrs.Routing.Core.Tests.Application;

/// <summary>The application's own marker of a query.</summary>
public interface IReads<TResult>;

/// <summary>The application's own marker of a command.</summary>
public interface IWrites;

public sealed record ListNotes : IReads<IReadOnlyList<string>>;

[ReadFromPrimary]
public sealed record ListFreshNotes : IReads<IReadOnlyList<string>>;

public sealed record AddNote(string Text) : IWrites;
