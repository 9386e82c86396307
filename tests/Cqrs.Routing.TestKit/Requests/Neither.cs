using MediatR;

namespace Cqrs.Routing.TestKit.Requests;

/// <summary>A request without a marker.</summary>
public sealed record Neither(Func<Handling, Task<object?>> Body) : IRequest<object?>
{
    public Neither(Func<Handling, Task> body)
        : this(Scripted.WithoutResult(body))
    {
    }
}
