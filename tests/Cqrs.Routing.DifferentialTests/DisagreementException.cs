namespace Cqrs.Routing.DifferentialTests;

/// <summary>A program does not do with a replica what it does without. The message is the smallest such program that was found.</summary>
public sealed class DisagreementException(string message) : Exception(message);
