namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>The least that a frame can hold: what is running, where it belongs, what is around it, and how it stands.</summary>
internal sealed class FloorFrame(object request, object session)
{
    public static readonly AsyncLocal<FloorFrame?> Current = new();

    public object Request { get; } = request;

    public object Session { get; } = session;

    public FloorFrame? Outer { get; set; }

    public int State { get; set; }
}
