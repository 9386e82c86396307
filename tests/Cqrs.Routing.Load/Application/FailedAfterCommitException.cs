namespace Cqrs.Routing.Load.Application;

/// <summary>Thrown on purpose by <see cref="WriteKind.CommitsAndFails"/>.</summary>
internal sealed class FailedAfterCommitException : Exception;
