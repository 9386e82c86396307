namespace Cqrs.Routing.TestKit.Requests;

/// <summary>A command without a result.</summary>
public sealed record WriteNothingBack(Func<Handling, Task> Body) : ICommand;
