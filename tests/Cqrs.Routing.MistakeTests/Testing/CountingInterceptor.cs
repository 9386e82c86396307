using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.MistakeTests.Testing;

internal sealed class CountingInterceptor : DbCommandInterceptor;
