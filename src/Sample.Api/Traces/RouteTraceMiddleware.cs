namespace Sample.Api.Traces;

/// <summary>Puts every HTTP request that used the database into the log, and its route into the response's headers.</summary>
internal sealed class RouteTraceMiddleware(RequestDelegate next, RouteTraces traces, RouteLog log)
{
    /// <summary>Says which server answered and why, such as <c>ListOrders: Replica (Query)</c>.</summary>
    public const string RouteHeader = "X-Route";

    public async Task InvokeAsync(HttpContext context)
    {
        var trace = traces.Begin();
        context.Response.OnStarting(() =>
        {
            if (trace.Steps is { Count: > 0 } steps)
                context.Response.Headers[RouteHeader] = string.Join(", ", steps);
            return Task.CompletedTask;
        });
        await next(context);
        if (trace.Steps.Count > 0)
            log.Add($"{context.Request.Method} {context.Request.Path}", trace, context.Response.StatusCode);
    }
}
