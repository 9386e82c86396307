namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>A program as a person can read and repeat it.</summary>
public static class ProgramText
{
    public static string Of(Step[] program) => string.Join(' ', program.Select(Of));

    private static string Of(Step step) => step switch
    {
        Step.Send send => $"{send.Kind}{{ {Of(send.Body)} }}",
        Step.Scope { Body: var body } => $"Scope{{ {Of(body)} }}",
        Step.Transaction { Body: var body } => $"Transaction{{ {Of(body)} }}",
        Step.OpenConnection { Body: var body } => $"OpenConnection{{ {Of(body)} }}",
        Step.Ambient { Suppress: var suppress, Body: var body } => $"{(suppress ? "Suppress" : "Ambient")}{{ {Of(body)} }}",
        Step.ForcePrimary { Body: var body } => $"ForcePrimary{{ {Of(body)} }}",
        Step.BeginQuery { Body: var body } => $"BeginQuery{{ {Of(body)} }}",
        Step.Catch { Body: var body } => $"Catch{{ {Of(body)} }}",
        Step.Fail { Canceled: true } => "Cancel",
        _ => step.GetType().Name,
    };
}
