using System.Reflection;
using MediatR;

namespace Cqrs.Routing.PackageTests;

public sealed class MediatRVersionTests
{
    [Fact]
    public void The_MediatR_that_runs_is_the_requested_one() => typeof(IMediator).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0].ShouldBe(Requested.MediatRVersion);

    [Fact]
    public void The_library_was_compiled_against_the_oldest_one() => typeof(RouteScope).Assembly
        .GetReferencedAssemblies().Single(reference => reference.Name == "MediatR").Version!.Major.ShouldBe(12);
}
