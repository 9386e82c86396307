using Cqrs.Routing.Benchmarks.Measuring;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>Sends requests that do nothing, so that what is measured is the way to the handler.</summary>
/// <param name="listened">Whether somebody listens to routing's spans and metrics meanwhile.</param>
internal sealed class DispatchCandidates(bool listened = false) : IDisposable
{
    public const string Empty = "one empty async behavior";
    public const string Floor = "floor: one frame, one AsyncLocal write";
    public const string Query = "Cqrs.Routing, query";

    private readonly Listeners? _listeners = listened ? new() : null;
    private readonly Application _bare = Application.Bare();
    private readonly Application _empty = Application.With(typeof(EmptyBehavior<,>));
    private readonly Application _floor = Application.With(typeof(FloorBehavior<,>));
    private readonly Application _restoring = Application.With(typeof(SetAndRestoreBehavior<,>));
    private readonly Application _routed = Application.Routed();

    public IReadOnlyList<Candidate> In(int otherLocals) =>
    [
        new("MediatR alone", () => _bare.Sender.Send(Get.Instance), otherLocals),
        new(Empty, () => _empty.Sender.Send(Get.Instance), otherLocals),
        new(Floor, () => _floor.Sender.Send(Get.Instance), otherLocals),
        new("AsyncLocal set and restored by hand", () => _restoring.Sender.Send(Get.Instance), otherLocals),
        new(Query, () => _routed.Sender.Send(Get.Instance), otherLocals),
        new("Cqrs.Routing, command", () => _routed.Sender.Send(Change.Instance), otherLocals),
        new("one empty async behavior, query in a command", () => _empty.Sender.Send(ChangeAfterGet.Instance), otherLocals),
        new("Cqrs.Routing, query in a command", () => _routed.Sender.Send(ChangeAfterGet.Instance), otherLocals),
    ];

    public void Dispose()
    {
        _listeners?.Dispose();
        _bare.Dispose();
        _empty.Dispose();
        _floor.Dispose();
        _restoring.Dispose();
        _routed.Dispose();
    }
}
