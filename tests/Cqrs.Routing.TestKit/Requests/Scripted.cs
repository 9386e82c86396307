namespace Cqrs.Routing.TestKit.Requests;

internal static class Scripted
{
    public static Func<Handling, Task<object?>> WithoutResult(Func<Handling, Task> body) => async handling =>
    {
        await body(handling);
        return null;
    };
}
